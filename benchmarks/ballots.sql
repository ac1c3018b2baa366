-- Ballots of one name to meanings to votes, by district: valid with at most one name left, no name left, too many.
SELECT
    unit,
    count(*) AS took_part,
    count(*) FILTER (WHERE names_left <= 1) AS valid,
    count(*) FILTER (WHERE names_left = 0) AS all_struck,
    {votes}
FROM (SELECT unit, {marks}, {names_left} AS names_left FROM read_parquet('{ballots}'))
GROUP BY unit
