-- The sums of a wide file of returns, by contest and ballot, with the checks that a law makes of each return.
-- Placeholders: {returns} the file, {contest} the contest column or a constant, {votes} the sums of the candidates'
-- columns, {names} the sum of the candidates' columns of one row.
SELECT
    {contest} AS contest,
    ballot,
    count(*) AS returns,
    sum(registered) AS registered,
    sum(issued) AS issued,
    sum(invalid) AS invalid,
    sum(valid) AS valid,
    {votes},
    count(*) FILTER (WHERE {names} + {all_struck} <> valid) AS names_differ,
    count(*) FILTER (WHERE valid + invalid > registered) AS more_than_registered,
    count(*) FILTER (WHERE valid + invalid <> issued) AS issued_differ,
    count(*) FILTER (WHERE least(registered, issued, invalid, valid) < 0) AS negative
FROM read_csv('{returns}')
GROUP BY ALL
