/** Whether a text is spelled as PostgreSQL spells a UUID, so that it can be asked for. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
