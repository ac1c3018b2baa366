-- The valid ballots of the precinct protocols, and what the protocol of the centre says.
SELECT sum(figures.valid) FILTER (WHERE level = 'precinct'), sum(figures.valid) FILTER (WHERE level = 'centre')
FROM read_json(
    '{protocols}', format = 'newline_delimited', maximum_object_size = 100000000,
    columns = {{level: 'VARCHAR', figures: 'STRUCT(valid BIGINT)'}}
);
