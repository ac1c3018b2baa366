-- What the tree of units comes to: how many of each kind, and whether a parent is missing.
SELECT kind, count(*), count(*) FILTER (WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM read_csv('{units}', all_varchar = true)))
FROM read_csv('{units}', all_varchar = true)
GROUP BY kind
