-- Outcomes are kept as sums of the whole round, and none of them where one is few (src/lib/domain/outcome.ts).
UPDATE "round" SET "outcomes" = (
  SELECT CASE WHEN bool_and(n = 0 OR n >= ("thresholds"->>'factor')::int)
    THEN jsonb_object_agg(kind, n) ELSE '{"withheld": true}'::jsonb END
  FROM (
    SELECT kind, sum((one.value->>kind)::int)::int AS n
    FROM jsonb_each("outcomes") AS one, unnest(ARRAY['brokenOff', 'unwilling', 'unable']) AS kind
    GROUP BY kind
  ) AS sums
)
WHERE "outcomes" IS NOT NULL AND NOT "outcomes" ?| ARRAY['brokenOff', 'withheld'];
