// What is this item?
// One row with the item's name; none if the store does not have the item.
// $item: id of the item
MATCH (i:Item {id: $item})
RETURN i.id AS id, i.name AS name
LIMIT 1
