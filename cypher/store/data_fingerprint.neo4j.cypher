// Record the fingerprint of a data set on the record that was loaded last
// $id: id of that record
// $fingerprint: the fingerprint
MATCH (d:Dataset {id: $id})
SET d.fingerprint = $fingerprint
