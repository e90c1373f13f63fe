import type { RoundTree, TreeNode } from '#domain/round.ts';

/** A unit on the freezing date. */
export type GroupUnit = { code: string; name: string; parent: string | null; level: string | null };
/** Somebody the rule invites: the unit of the main position, and the units they lead. */
export type GroupPerson = { id: string; unit: string; leads: string[] };
/** Fewest people in a group that stands: wished for, and the floor below which none is made (design section 4). */
export type Limits = { invited: number; floor: number };
/**
 * Why somebody whom the rule names gets no invitation. "leads-all": leads the whole of the round, so every group
 * would be one whose result they receive. "too-few": even put together with everybody near, they are under the floor.
 * "not-evaluated", of a leader evaluation: no leader of theirs is evaluated in the round.
 */
export type NotInvited = { personId: string; reason: 'leads-all' | 'too-few' | 'not-evaluated' };
/** The tree with its groups, the group (a node's id) of each person (id), and those who are in none. */
export type Grouping = { tree: RoundTree; groupOf: Map<string, string>; notInvited: NotInvited[] };

/**
 * So many people in each unit, for whom there are no names: residents and relatives (design section 3, drawn codes).
 * They form groups as others do; nobody of them leads.
 */
export const crowd = (counts: ReadonlyMap<string, number>): GroupPerson[] =>
  [...counts].flatMap(([unit, count]) =>
    Array.from({ length: count }, (_, i) => ({ id: `${unit} ${i + 1}`, unit, leads: [] })),
  );

type Bucket = { people: string[]; units: string[] };
const empty = (): Bucket => ({ people: [], units: [] });
const join = (...buckets: Bucket[]): Bucket => ({
  people: buckets.flatMap((b) => b.people),
  units: buckets.flatMap((b) => b.units),
});

/** What is left of a unit when its groups are made: leaves that stand, and those too few to stand. */
type Standing = { leaves: Leaf[]; rest: Bucket };
/** A group before it has a place in the tree: at which unit, whose staff, who. */
export type Leaf = Bucket & { at: string; part: TreeNode['part'] };

/**
 * Copies the tree into a round and forms its groups (design section 3, step 1).
 *
 * units: the round's units with their ancestors up to a common top, parents present. wholeMunicipality: the top has
 * no unit above it at all. merges: sister units that HR puts together although each could stand alone.
 *
 * A unit under the limit is put together with other small sisters, else with the parent's "others". Who leads a unit
 * answers among the leaders in the unit above, never in the group whose result they receive; leaders under the limit
 * are counted one level up, and at the top in "municipality, others", where the chief executive answers too: the one
 * exception. Who is under the floor even there is not invited.
 */
export function form(
  units: GroupUnit[],
  people: GroupPerson[],
  limits: Limits,
  merges: string[][],
  wholeMunicipality: boolean,
): Grouping {
  const byCode = new Map(units.map((u) => [u.code, u]));
  const top = units.find((u) => u.parent === null || !byCode.has(u.parent));
  if (!top) return { tree: { nodes: [] }, groupOf: new Map(), notInvited: [] };
  const children = (code: string) => units.filter((u) => u.parent === code);
  const depth = (code: string): number => {
    const parent = byCode.get(code)?.parent;
    return parent && byCode.has(parent) ? depth(parent) + 1 : 0;
  };

  const staff = new Map<string, Bucket>();
  const leaders = new Map<string, Bucket>();
  const into = (map: Map<string, Bucket>, code: string, person: string) => {
    if (!map.has(code)) map.set(code, empty());
    map.get(code)!.people.push(person);
  };
  const notInvited: NotInvited[] = [];
  for (const person of people) {
    const led = person.leads.filter((c) => byCode.has(c)).sort((a, b) => depth(a) - depth(b))[0];
    if (led === undefined) into(staff, person.unit, person.id);
    else if (led !== top.code) into(leaders, byCode.get(led)!.parent!, person.id);
    else if (wholeMunicipality) into(staff, top.code, person.id);
    else notInvited.push({ personId: person.id, reason: 'leads-all' });
  }

  const leaves: Leaf[] = [];
  const stands = (b: Bucket) => b.people.length >= limits.invited;

  /** Makes the groups under a unit, deepest first; what cannot stand is handed up. */
  function settle(code: string): Standing {
    const below = children(code);
    const own = { people: staff.get(code)?.people ?? [], units: [code] };
    if (below.length === 0)
      return stands(own)
        ? { leaves: [{ ...own, at: code, part: 'whole' }], rest: empty() }
        : { leaves: [], rest: own };

    const made: Leaf[] = [];
    const small: Bucket[] = [];
    let rest = own;
    const settled = new Map(below.map((u) => [u.code, settle(u.code)]));
    for (const sisters of merges) {
      const chosen = sisters.filter((c) => settled.has(c));
      if (chosen.length < 2) continue;
      const together = join(...chosen.map((c) => join(settled.get(c)!.rest, ...settled.get(c)!.leaves)));
      chosen.forEach((c) => settled.delete(c));
      if (stands(together)) made.push({ ...together, at: code, part: 'merged' });
      else small.push(together);
    }
    for (const [, child] of settled) {
      if (child.leaves.length > 0) {
        made.push(...child.leaves);
        rest = join(rest, {
          people: child.rest.people,
          units: child.rest.people.length ? child.rest.units : [],
        });
      } else if (child.rest.people.length > 0) small.push(child.rest);
    }
    small.sort((a, b) => a.people.length - b.people.length || (a.units[0]! < b.units[0]! ? -1 : 1));
    const bundles: Bucket[] = [];
    let filling = empty();
    for (const unit of small) {
      filling = join(filling, unit);
      if (stands(filling)) {
        bundles.push(filling);
        filling = empty();
      }
    }
    if (bundles.length > 0) bundles[bundles.length - 1] = join(bundles.at(-1)!, filling);
    else rest = join(rest, filling);
    made.push(...bundles.map((b) => ({ ...b, at: code, part: 'merged' as const })));

    const leading = leaders.get(code) ?? empty();
    const up = byCode.get(code)!.parent;
    if (stands(leading)) made.push({ people: leading.people, units: [code], at: code, part: 'leaders' });
    else if (code !== top!.code) leading.people.forEach((p) => into(leaders, up!, p));
    else rest = join(rest, leading);
    if (stands(rest)) {
      made.push({ ...rest, at: code, part: 'others' });
      rest = empty();
    }
    return { leaves: made, rest };
  }

  const { leaves: made, rest } = settle(top.code);
  leaves.push(...made);
  const atTheTop = made.length > 0 || children(top.code).length > 0 ? 'others' : 'whole';
  if (rest.people.length >= limits.floor) leaves.push({ ...rest, at: top.code, part: atTheTop });
  else notInvited.push(...rest.people.map((personId) => ({ personId, reason: 'too-few' as const })));
  return layOut(leaves, top.code, byCode, notInvited);
}

const partOrder = { whole: 0, merged: 1, leaders: 2, others: 3 };

/** Lays the leaves out as a numbered tree, parents before children, with a name of its own for each. named: of a leaf. */
export function layOut(
  leaves: Leaf[],
  top: string,
  byCode: Map<string, GroupUnit>,
  notInvited: NotInvited[],
  named: (leaf: Leaf, byCode: Map<string, GroupUnit>) => string = nameOf,
): Grouping {
  const nodes: TreeNode[] = [];
  const groupOf = new Map<string, string>();
  const isUnder = (code: string | null, above: string): boolean =>
    code !== null && (code === above || isUnder(byCode.get(code)?.parent ?? null, above));
  const add = (node: Omit<TreeNode, 'id' | 'name'>, name: string) => {
    const above = nodes.find((n) => n.id === node.parent)?.name;
    const tries = [name, `${name} (${above})`, `${name} (${node.units.join(', ')})`];
    const unique = tries.find((t) => !nodes.some((n) => n.name === t)) ?? `${name} ${nodes.length + 1}`;
    const id = String(nodes.length + 1).padStart(4, '0');
    nodes.push({ ...node, id, name: unique });
    return id;
  };
  const walk = (code: string, parent: string | null) => {
    const here = leaves.filter((l) => isUnder(l.at, code));
    if (here.length === 0) return;
    const unit = byCode.get(code)!;
    const invited = here.reduce((sum, l) => sum + l.people.length, 0);
    const alone = here.find((l) => l.at === code && l.part === 'whole');
    const id = add(
      { parent, part: 'whole', units: [code], level: unit.level, invited, group: alone !== undefined },
      unit.name,
    );
    alone?.people.forEach((p) => groupOf.set(p, id));
    for (const child of byCode.values()) if (child.parent === code) walk(child.code, id);
    for (const leaf of here
      .filter((l) => l.at === code && l !== alone)
      .sort((a, b) => partOrder[a.part] - partOrder[b.part])) {
      const { people, units, part } = leaf;
      const leafId = add(
        { parent: id, part, units, level: null, invited: people.length, group: true },
        named(leaf, byCode),
      );
      people.forEach((p) => groupOf.set(p, leafId));
    }
  };
  walk(top, null);
  return { tree: { nodes }, groupOf, notInvited };
}

function nameOf(leaf: Leaf, byCode: Map<string, GroupUnit>): string {
  const name = byCode.get(leaf.at)!.name;
  if (leaf.part === 'others') return `${name}, øvrige`;
  if (leaf.part === 'leaders') return `Ledere i ${name}`;
  const names = leaf.units.map((c) => byCode.get(c)!.name);
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} og ${names.length - 3} til i ${name}`;
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} og ${names.at(-1)}`;
}
