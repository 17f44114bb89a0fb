// Record the fingerprint of all data on the latest data set
// $fingerprint: the fingerprint
MATCH (d:Dataset)
WITH d
ORDER BY d.loaded DESC
LIMIT 1
SET d.fingerprint = $fingerprint
