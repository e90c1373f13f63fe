import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import * as Day from '#domain/day.ts';
import type { Effect, Status } from '#domain/measure.ts';
import { isHere } from '#domain/person.ts';
import * as Report from '#domain/report.ts';
import type { Main } from '#server/db.ts';
import {
  goal,
  mandate,
  mandateItem,
  measure,
  measureEffect,
  measureGoal,
  measureItem,
  measurePoint,
  measureStatus,
  measureVersion,
  person,
  plan,
  point,
  report,
  unit,
} from '#server/schema.ts';

/** All that a report says at this moment, with these words, by somebody (a name). */
export async function written(
  main: Main,
  of: Report.Period & { unit: { id: string } },
  words: string,
  by: string | null,
  now: Date,
): Promise<Report.Content> {
  const above = alias(unit, 'above');
  const [place] = await main
    .select({ name: unit.name, above: above.name, leader: person.name, leftOn: person.leftOn })
    .from(unit)
    .leftJoin(above, eq(above.id, unit.parentId))
    .leftJoin(person, eq(person.id, above.leaderId))
    .where(eq(unit.id, of.unit.id));
  const { name, above: to, leader, leftOn } = place!;
  const told = (await histories(main, of.unit.id, of)).flatMap((one) => Report.tell(one, of) ?? []);
  const below = await reportsBelow(main, of, now);
  return {
    unit: name,
    to: to === null ? null : { unit: to, leader: leader && isHere({ leftOn }, Day.at(now)) ? leader : null },
    by,
    words,
    measures: told,
    below,
    total: Report.sum([Report.figures(told), ...below.flatMap(({ total }) => total ?? [])]),
  };
}

/** The reports of the same period from the units right below. */
async function reportsBelow(
  main: Main,
  of: Report.Period & { unit: { id: string } },
  now: Date,
): Promise<Report.Below[]> {
  const rows = await main
    .select({ id: report.id, unit: unit.name, handedAt: report.handedAt, content: report.content })
    .from(report)
    .innerJoin(unit, eq(unit.id, report.unitId))
    .where(and(eq(unit.parentId, of.unit.id), eq(report.year, of.year), eq(report.period, of.period)))
    .orderBy(asc(unit.code));
  return rows.map(({ id, unit: name, handedAt, content }) => {
    const kept = content as Report.Content | null;
    return {
      id,
      unit: name,
      handedOn: handedAt && Day.at(handedAt),
      late: handedAt === null && Report.isLate(of, now),
      words: kept?.words ?? null,
      total: kept?.total ?? null,
    };
  });
}

/** A unit's measures as they were written by the end of a period, the first due first. */
async function histories(main: Main, unitId: string, period: Report.Period): Promise<Report.History[]> {
  const until = Report.span(period).until;
  const rows = await main
    .select({ id: measure.id, version: measureVersion, effect: measureEffect })
    .from(measure)
    .innerJoin(measureVersion, eq(measureVersion.measureId, measure.id))
    .leftJoin(measureEffect, eq(measureEffect.measureId, measure.id))
    .where(and(eq(measure.unitId, unitId), lt(measureVersion.at, until)))
    .orderBy(asc(measureVersion.version));
  const versions = Map.groupBy(rows, ({ id }) => id);
  const ids = [...versions.keys()];
  const said = await main
    .select({ status: measureStatus, by: person.name })
    .from(measureStatus)
    .leftJoin(person, eq(person.id, measureStatus.byId))
    .where(and(inArray(measureStatus.measureId, ids), lt(measureStatus.at, until)))
    .orderBy(asc(measureStatus.id));
  const saidOf = Map.groupBy(said, ({ status }) => status.measureId);
  const placesOf = await places(main, ids);
  const owners = rows.map(({ version }) => version.content.ownerId).filter((id) => id);
  const nameOf = new Map(
    (
      await main
        .select()
        .from(person)
        .where(inArray(person.id, owners as string[]))
    ).map((p) => [p.id, p.name]),
  );
  return [...versions]
    .map(([id, [first, ...later]]): Report.History => {
      const { content } = (later.at(-1) ?? first!).version;
      const effect = first!.effect;
      return {
        id,
        title: content.title ?? '',
        owner: nameOf.get(content.ownerId ?? '') ?? null,
        ownerRole: content.ownerRole || null,
        dueOn: content.dueOn ?? '',
        writtenAt: first!.version.at,
        statuses: (saidOf.get(id) ?? []).map(({ status: { status, sentence, at }, by }) => ({
          ...{ status: status as Status, sentence, at, by },
        })),
        effect: effect && { answer: effect.answer as Effect, words: effect.words, at: effect.at },
        places: placesOf.get(id) ?? [],
      };
    })
    .sort((a, b) => a.dueOn.localeCompare(b.dueOn) || a.title.localeCompare(b.title, 'nb'));
}

async function places(main: Main, ids: string[]): Promise<Map<string, Report.Place[]>> {
  const points = await main
    .select({ id: measurePoint.measureId, kind: point.kind, title: point.title })
    .from(measurePoint)
    .innerJoin(point, eq(point.id, measurePoint.pointId))
    .where(inArray(measurePoint.measureId, ids))
    .orderBy(desc(point.kind), asc(point.position));
  const goals = await main
    .select({ id: measureGoal.measureId, plan: plan.kind, year: plan.year, text: goal.text })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .innerJoin(plan, eq(plan.id, goal.planId))
    .where(inArray(measureGoal.measureId, ids))
    .orderBy(desc(plan.year), asc(plan.kind));
  const items = await main
    .select({ id: measureItem.measureId, mandate: mandate.title, number: mandateItem.number })
    .from(measureItem)
    .innerJoin(mandateItem, eq(mandateItem.id, measureItem.itemId))
    .innerJoin(mandate, eq(mandate.id, mandateItem.mandateId))
    .where(inArray(measureItem.measureId, ids))
    .orderBy(asc(mandate.title), asc(mandateItem.position));
  const all = [
    ...points.map(({ id, ...of }) => ({ id, place: { in: 'point', ...of } as Report.Place })),
    ...goals.map(({ id, ...of }) => ({ id, place: { in: 'goal', ...of } as Report.Place })),
    ...items.map(({ id, ...of }) => ({ id, place: { in: 'item', ...of } as Report.Place })),
  ];
  return new Map(
    [...Map.groupBy(all, ({ id }) => id)].map(([id, found]) => [id, found.map(({ place }) => place)]),
  );
}
