// Say which runs are current, at most one of each data set
// $current: their ids; an empty text is the id of none
MATCH (r:Run)
SET r.current = (r.id IN $current)
