// Record the fingerprint of a data set on the record that was loaded last
// $id: id of that record
// $fingerprint: the fingerprint
// $parts: rows and hash of each part, as JSON
MATCH (d:Dataset {id: $id})
SET d.fingerprint = $fingerprint, d.parts = $parts
