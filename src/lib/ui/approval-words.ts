import type { Item } from '#domain/approval.ts';
import { m } from '#messages';

export const itemWords: Record<Item, () => string> = {
  purpose: m.approval_item_purpose,
  'users-council': m.approval_item_users_council,
  basis: m.approval_item_basis,
  information: m.approval_item_information,
  meetings: m.approval_item_meetings,
};

/** What to think of and write under an item. */
export const whatWords: Record<Item, () => string> = {
  purpose: m.approval_what_purpose,
  'users-council': m.approval_what_users_council,
  basis: m.approval_what_basis,
  information: m.approval_what_information,
  meetings: m.approval_what_meetings,
};
