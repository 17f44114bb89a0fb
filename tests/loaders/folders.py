"""Small folders in the format of each data set's owner, one for every shipped loader."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOVIELENS = {
    "ratings.dat": "1::1::5::978300760\n1::2::3::0\n2::1::4::978300761\n",
    "movies.dat": "1::Heat: La Vérité (1995)::Crime|Drama\n2::Nowhere::Drama\n",
    "users.dat": "1::F::1::10::48067\n2::M::56::99::70072\n",
    "movies_extra.dat": "1::Heat::1995::R::15 Dec::Crime::Ann Lee::Bob Ray::N/A::A plot::url\n",
    "dbpedia/mappings.tsv": "1\tHeat\thttp://dbpedia.org/resource/Heat\n",
    "dbpedia/starring.edgelist": "http://dbpedia.org/resource/Heat http://dbpedia.org/resource/Al_Pacino\n",
}
MOVIELENS_CSV = {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4.5,10\n2,1,3,10\n",
    "movies.csv": "movieId,title,genres\n1,Heat (1995),Crime|Drama\n",
    "movie_attributes.csv": "movieId,directors,actors,keywords\n1,Ann Lee,Bo|Cy,ice\n",
    "tags.csv": "userId,movieId,tag,timestamp\n1,1,Fun,1\n",
}
_FLAGS = {0: "unknown", 1: "Action", 2: "Adventure", 3: "Animation", 4: "Children's", 5: "Comedy", 6: "Crime"}
_FLAGS |= {7: "Documentary", 8: "Drama", 9: "Fantasy", 10: "Film-Noir", 11: "Horror", 12: "Musical", 13: "Mystery"}
_FLAGS |= {14: "Romance", 15: "Sci-Fi", 16: "Thriller", 17: "War", 18: "Western"}


def _u_item(number: int, title: str, released: str, *genres: str) -> str:
    """Return a line of u.item: 24 columns, of which the last 19 are flags."""
    flags = "|".join(str(int(genre in genres)) for genre in _FLAGS.values())
    return f"{number}|{title}|{released}||http://us.imdb.com/M/title-exact?x|{flags}\n"


MOVIELENS_100K = {
    "u.data": "196\t242\t3\t881250949\n186\t302\t5\t891717742\n196\t267\t1\t881251000\n",
    "u.item": _u_item(242, "Kolya (1996)", "24-Jan-1997", "Comedy")
    + _u_item(267, "unknown", "", "unknown")
    + _u_item(302, 'L.A. Confidential: "Noir"', "01-Jan-1997", "Crime", "Film-Noir", "Thriller"),
    "u.user": "186|39|F|executive|00000\n196|49|M|writer|55105\n7|57|M|none|91344\n8|x|M|other|05201\n",
    "u.genre": "".join(f"{name}|{number}\n" for number, name in _FLAGS.items()) + "\n",
    "u.occupation": "executive\nnone\nother\nwriter\n",
    "u.info": "3 users\n3 items\n3 ratings\n",
}
LASTFM = {
    "user_artists.dat": "userID\tartistID\tweight\n1\t10\t5\n2\t10\t7\n2\t11\t1\n",
    "artists.dat": "id\tname\turl\tpictureURL\n10\tThe X\turl10\tp\n11\tÉ\turl11\tp\n",
    "user_friends.dat": "userID\tfriendID\n1\t2\n2\t1\n",
    "user_taggedartists.dat": "userID\tartistID\ttagID\n1\t10\t1\n2\t10\t1\n",
    "tags.dat": "tagID\ttagValue\n1\tcafé\n",
    "kgcn/item_index2entity_id.txt": "10\t0\n",
    "kgcn/kg.txt": "0\tmusic.genre\t7\n7\tnear\t8\n",
}
_BEATLES, _DOORS = "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d", "9efff43b-3b29-4082-824e-bc82f646f93d"
LASTFM_360K = {
    "usersha1-artmbid-artname-plays.tsv": (
        f'00aa\t{_BEATLES}\tthe beatles\t12\n00aa\t\tjoe "band\t3\n'
        f'00bb\t\tthe beatles\t5\n00bb\t{_DOORS}\tthe doors\t7\n00bb\t\tjoe "band\t1\n'
    ),
    "usersha1-profile.tsv": "00aa\tf\t22\tGermany\tFeb 1, 2007\n00bb\tm\t-1337\t\tSep 20, 2008\n00cc\t\t\tChile\t\n",
}
LASTFM_1K = {
    "userid-timestamp-artid-artname-traid-traname.tsv": (
        f"user_000001\t2009-05-04T23:08:57Z\t{_BEATLES}\tThe Beatles\tt1\tHelp!\n"
        f"user_000001\t2009-05-04T13:54:10Z\t{_BEATLES}\tThe Beatles\t\tYesterday\n"
        f"user_000002\t2009-04-01T00:00:00Z\t{_DOORS}\tThe Doors\tt3\tThe End\n"
    ),
    "userid-profile.tsv": (
        "#id\tgender\tage\tcountry\tregistered\nuser_000001\tm\t\tJapan\tAug 13, 2006\n"
        "user_000002\tf\t51\tPeru\tFeb 24, 2006\n"
    ),
}
AMAZON = {
    "reviews_Toys_5.json": '{"reviewerID": "U", "asin": "A", "overall": 5.0, "unixReviewTime": 100}\n',
    "meta.json": "{'asin': 'A', 'title': 'Ball', 'categories': [['Toys']], 'related': {'also_bought': ['B']}}\n",
    "features/user_feature.csv": "user,feature,mean_sentiment,mentions\nU,price,0.5,2\n",
    "features/item_feature.csv": "item,feature,net_sentiment_sum\nA,price,2.5\n",
}
AMAZON_2018 = {
    "Toys_and_Games_5.json.gz": (
        '{"overall": 5.0, "vote": "3", "verified": true, "reviewTime": "09 22, 2011", "reviewerID": "A3478QRKQDOPQ2", '
        '"asin": "B000000001", "style": {"Format:": " Toy"}, "reviewerName": "Ann", "reviewText": "Good", '
        '"summary": "x", "unixReviewTime": 1316649600}\n'
        '{"overall": 2.0, "verified": false, "reviewerID": "A3478QRKQDOPQ2", "asin": "0615553605", '
        '"reviewerName": "Ann", "reviewText": "Bad", "unixReviewTime": 1316649601, "image": ["u"]}\n'
        '{"overall": 4.0, "reviewerID": "AO94DHGC771SJ", "asin": "B000000001", "unixReviewTime": 1316649602}\n'
    ),
    "meta_Toys_and_Games.json.gz": (
        '{"category": ["Toys &amp; Games", "Balls", "</span></span></span>"], "tech1": "", "description": ["A ball"], '
        '"title": "Ball &amp; Net", "also_buy": ["0615553605", "B00ZZZZZZZ"], "brand": "Bee", "feature": [], '
        '"rank": "1 in Toys", "also_view": ["0615553605"], "main_cat": "Toys &amp; Games", "price": "$1,234.50", '
        '"asin": "B000000001", "imageURL": []}\n'
        '{"category": [], "title": "var aPageStart = (new Date()).getTime();", "also_buy": [], "brand": "", '
        '"also_view": [], "main_cat": "<img src=\\"https://x/y.png\\" class=\\"nav\\" alt=\\"AMAZON FASHION\\"/>", '
        '"price": "$9.99 - $19.99", "asin": "0615553605"}\n'
    ),
}
AMAZON_2023 = {
    "All_Beauty.jsonl.gz": (
        '{"rating": 5.0, "title": "x", "text": "Good smell. The smell!", "images": [], "asin": "B00YQ6X8EX", '
        '"parent_asin": "B00YQ6X8EO", "user_id": "AGKHLEW2SOWHNMFQIJGBECAF7INQ", "timestamp": 1588687728923, '
        '"helpful_vote": 0, "verified_purchase": true}\n'
        '{"rating": 4.0, "title": "x", "text": "Fine", "images": [], "asin": "B081TJ8YS3", '
        '"parent_asin": "B081TJ8YS3", "user_id": "AGKHLEW2SOWHNMFQIJGBECAF7INQ", "timestamp": 1588615855070, '
        '"helpful_vote": 1, "verified_purchase": false}\n'
        '{"rating": 1.0, "title": "x", "text": "Bad", "images": [], "asin": "B00YQ6X8EO", "parent_asin": "B00YQ6X8EO", '
        '"user_id": "AE74DYR3QUGVPZJ3P7RFWBGIX7XQ", "timestamp": 1589665266000, "helpful_vote": 2, '
        '"verified_purchase": true}\n'
    ),
    "meta_All_Beauty.jsonl.gz": (
        '{"main_category": "All Beauty", "title": "Hair Mask", "average_rating": 4.8, "rating_number": 10, '
        '"features": ["A long sentence"], "description": [], "price": 10.0, "images": [], "videos": [], '
        '"store": "Herbivore", "categories": ["Hair Care"], "details": {"Brand": "Herbivore"}, '
        '"parent_asin": "B00YQ6X8EO", "bought_together": ["B081TJ8YS3"]}\n'
        '{"main_category": "All Beauty", "title": "Brush", "average_rating": 3.0, "rating_number": 1, "features": [], '
        '"description": [], "price": "from 14.99", "images": [], "videos": [], "store": null, "categories": [], '
        '"details": {}, "parent_asin": "B081TJ8YS3", "bought_together": null}\n'
    ),
}
AMAZON_PARTS = {
    f"All_Beauty.{part}.csv": f"user_id,parent_asin,rating,timestamp\n{rows}"
    for part, rows in (
        ("train", "AU,B000000001,5.0,1500000000000\nAV,B000000002,3.0,1500000001000\n"),
        ("valid", "AU,B000000002,4.0,1500000002000\n"),
        ("test", "AU,B000000003,1.0,1500000003000\n"),
    )
}
AMAZON_RATINGS = {
    "ratings_Toys.csv": "A3478QRKQDOPQ2,B000000001,5.0,1316649600\nAO94DHGC771SJ,B000000001,4.0,1316649602\n"
}
BEAUTY = {
    "pgpr_kg/product.txt.gz": "A\nB\nC\n",
    "pgpr_kg/related_product.txt.gz": "Z\nC\nA\nB\n",
    "pgpr_kg/brand.txt.gz": "Bee\nCee\n",
    "pgpr_kg/brand_p_b.txt.gz": "1\n\n0\n",
    "pgpr_kg/category.txt.gz": "Hair\nSkin\n",
    "pgpr_kg/category_p_c.txt.gz": "0 1\n1\n\n",
    "pgpr_kg/also_bought_p_p.txt.gz": "3 0\n2\n1\n",
    "pgpr_kg/also_viewed_p_p.txt.gz": "1\n\n\n",
    "pgpr_kg/bought_together_p_p.txt.gz": "\n\n3\n",
    "interactions/datamaps.json": json.dumps(
        {"id2user": {"1": "U", "2": "V"}, "id2item": {"1": "C", "2": "A", "3": "B"}}
    ),
    "interactions/sequential_data.txt": "1 2 1\n2 3 2\n",
}
BOOK_CROSSING = {
    "BX-Book-Ratings.csv": (
        '"User-ID";"ISBN";"Book-Rating"\r\n"276725";"034545104X";"0"\r\n"276726";"0155061224";"5"\r\n'
        '"276726";"078946697X";"10"\r\n"276725";"9999999999";"0"\r\n'
    ),
    "BX-Books.csv": (
        '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher";"Image-URL-S";"Image-URL-M";"Image-URL-L"\r\n'
        '"034545104X";"Flesh Tones: A Novel; with \\"quotes\\"";"M. J. Rose";"2002";"Simon &amp; Co";"s";"m";"l"\r\n'
        '"0155061224";"Rites of Passage \\\\";"Judith Rae";"0";"Heinle";"s";"m";"l"\r\n'
        '"078946697X";"DK Readers (Level 4)\\"";"Michael Teitelbaum";"2000";"DK";"s";"m";"l"\r\n'
    ),
    "BX-Users.csv": (
        '"User-ID";"Location";"Age"\r\n"276725";"tyler, texas, usa";NULL\r\n"276726";"seattle, wa, usa";"18"\r\n'
        '"3";"moscow, yukon territory, russia";"244"\r\n"4";"n/a, n/a, n/a";"0"\r\n"5";"nowhere";"56"\r\n'
    ),
}
BOOK_CROSSING_COPY = {
    "Ratings.csv": "User-ID,ISBN,Book-Rating\n276725,034545104X,0\n276726,0155061224,5\n",
    "Books.csv": (
        "ISBN,Book-Title,Book-Author,Year-Of-Publication,Publisher,Image-URL-S,Image-URL-M,Image-URL-L\n"
        '034545104X,"Flesh Tones: A ""Novel""",M. J. Rose,2002,Ballantine Books,s,m,l\n'
        "0155061224,Rites of Passage,Judith Rae,2001,Heinle,s,m,l\n"
    ),
    "Users.csv": 'User-ID,Location,Age\n276725,"tyler, texas, usa",\n276726,"seattle, washington, usa",18.0\n',
}
GOODBOOKS = {
    "ratings.csv": "user_id,book_id,rating\n1,1,5\n2,2,4\n1,2,3\n",
    "books.csv": (
        "book_id,goodreads_book_id,best_book_id,authors,original_publication_year,title,language_code,average_rating\n"
        '1,2767052,2767052,Suzanne Collins,2008.0,"The Hunger Games (The Hunger Games, #1)",eng,4.34\n'
        '2,3,3,"J.K. Rowling, Mary   GrandPré",1997.0,Harry Potter,eng,4.44\n'
        "3,1371,1371,Homer,-750.0,The Iliad,,3.83\n"
    ),
    "book_tags.csv": (
        "goodreads_book_id,tag_id,count\n2767052,30,500\n2767052,11,120\n3,11,100\n3,8,99\n3,30,1\n1371,8,-1\n"
    ),
    "tags.csv": "tag_id,tag_name\n8,classics\n11,fantasy\n30,to-read\n",
    "to_read.csv": "user_id,book_id\n1,3\n2,2\n3,1\n",
}
YELP = {
    "yelp_academic_dataset_review.json": (
        '{"review_id": "r1", "user_id": "uA", "business_id": "b1", "stars": 5.0, "useful": 0, "funny": 0, "cool": 0, '
        '"text": "Good wine.", "date": "2018-07-07 22:09:11"}\n'
        '{"review_id": "r2", "user_id": "uB", "business_id": "b1", "stars": 2.0, "useful": 0, "funny": 0, "cool": 0, '
        '"text": "Bad wine.", "date": "2014-02-05 20:30:30"}\n'
        '{"review_id": "r3", "user_id": "uB", "business_id": "b2", "stars": 4.0, "useful": 0, "funny": 0, "cool": 0, '
        '"text": "", "date": "2016-03-09"}\n'
    ),
    "yelp_academic_dataset_business.json": (
        '{"business_id": "b1", "name": "Caf\u00e9 Uno", "address": "1 Main St", "city": "Philadelphia", "state": "PA", '
        '"latitude": 39.95, "longitude": -75.16, "stars": 3.5, "review_count": 2, "is_open": 1, '
        '"attributes": {"RestaurantsPriceRange2": "2", "WiFi": "u\'free\'", "OutdoorSeating": "True", '
        '"HasTV": "False", "BusinessParking": "{\'garage\': False, \'street\': True}", "Smoking": "None", '
        '"Alcohol": "\'beer_and_wine\'"}, '
        '"categories": "Restaurants, Beer, Wine & Spirits, Cafes", "hours": {"Monday": "8:0-22:0"}}\n'
        '{"business_id": "b2", "name": "Books", "city": "philadelphia ", "state": "PA", '
        '"latitude": 39.9, "longitude": -75.2, "stars": 4.0, "review_count": 1, "is_open": 0, '
        '"attributes": null, "categories": null, "hours": null}\n'
        '{"business_id": "b3", "name": "Far", "city": "Tucson", "state": "AZ", '
        '"latitude": 32.2, "longitude": -110.9, "stars": 4.0, "review_count": 0, "is_open": 1, '
        '"attributes": {"Ambience": {"romantic": true, "casual": false}, "BikeParking": true, '
        '"NoiseLevel": "average"}, "categories": ["Restaurants", "Bars"], "hours": null}\n'
    ),
    "yelp_academic_dataset_user.json": (
        '{"user_id": "uA", "name": "Ann", "review_count": 1, "yelping_since": "2012-01-01 00:00:00", '
        '"friends": "uB, uZ", "elite": "", "average_stars": 5.0}\n'
        '{"user_id": "uB", "name": "Bob", "review_count": 2, "yelping_since": "2012-01-01 00:00:00", '
        '"friends": "uA", "elite": "2013,2014", "average_stars": 3.0}\n'
        '{"user_id": "uZ", "name": "Zoe", "review_count": 0, "yelping_since": "2012-01-01 00:00:00", '
        '"friends": "None", "elite": "", "average_stars": 0.0}\n'
    ),
    "yelp_academic_dataset_tip.json": (
        '{"user_id": "uA", "business_id": "b1", "text": "Again", "date": "2019-01-01 10:00:00"}\n'
        '{"user_id": "uA", "business_id": "b2", "text": "Cosy", "date": "2019-01-02 10:00:00"}\n'
    ),
}
RECBOLE = {
    "ml-100k.inter": "user_id:token\titem_id:token\trating:float\n196\t242\t3\n196\t302\t5\n186\t302\t3\n",
    "ml-100k.item": (
        "item_id:token\tmovie_title:token_seq\tclass:token_seq\n242\tKolya\tComedy\n302\tIn & Out\tCrime Film-Noir\n"
    ),
    "ml-100k.user": "user_id:token\tage:token\tzip_code:token\n196\t49\t55105\n186\t39\t00000\n",
    "ml-100k.kg": "head_id:token\trelation_id:token\ttail_id:token\nm.01\tby\tm.03\nm.02\tby\tm.03\n",
    "ml-100k.link": "item_id:token\tentity_id:token\n242\tm.01\n302\tm.02\n",
}
KGAT = {
    "train.txt": "0 0 1\n1 1\n",
    "test.txt": "0 2\n1 0\n",
    "kg_final.txt": "0 0 9\n1 0 9\n9 1 10\n",
    "user_list.txt": "org_id remap_id\n12550284 0\n" + "".join(f"{50 + number} {number}\n" for number in range(1, 19)),
    "item_list.txt": "org_id remap_id freebase_id\n1443742 0 m.0l96m6\n"
    + "".join(f"{70 + number} {number}\n" for number in range(1, 9)),
    "entity_list.txt": "org_id remap_id\n"
    + "".join(f"m.{number} {number}\n" for number in range(9))
    + "The Sea 9\nm.e 10\n",
    "relation_list.txt": "org_id remap_id\nhttp://freebase.com/ns/music.recording.artist 0\nhttp://rdf.org/ns/near 1\n",
}
KGCN = {
    "ratings_final.txt": "0\t0\t1\n0\t1\t0\n1\t1\t1\n",
    "kg_final.txt": "0\t0\t2\n1\t0\t2\n",
}
TABLE = {
    "mapping.toml": '[dataset]\nid = "shop"\n[interactions]\nfile = "sales.csv"\nuser = "who"\nitem = "what"\n',
    "sales.csv": "who,what\n1,a\n2,b\n",
}

OF_LOADER: dict[str, tuple[Mapping[str, str], ...]] = {
    "movielens": (MOVIELENS, MOVIELENS_CSV, MOVIELENS_100K),
    "book-crossing": (BOOK_CROSSING, BOOK_CROSSING_COPY),
    "goodbooks": (GOODBOOKS,),
    "lastfm": (LASTFM, LASTFM_360K, LASTFM_1K),
    "amazon": (AMAZON, AMAZON_2018, AMAZON_2023, AMAZON_PARTS, AMAZON_RATINGS),
    "amazon-beauty": (BEAUTY,),
    "yelp": (YELP,),
    "recbole": (RECBOLE,),
    "kgat": (KGAT, KGCN),
    "neo4j": (),
    "table": (TABLE,),
}
"""For each loader, folders of its data set's releases; none where it reads no files."""


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, which is made."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, content)


def write_file(path: Path, text: str) -> None:
    """Write a text as UTF-8, compressed where the name says so."""
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
