from graphrec.answers.answer import Node as Node
from graphrec.answers.answer import Reason as Reason
from graphrec.answers.fetch import fetch_list as fetch_list
from graphrec.answers.fetch import fetch_why as fetch_why
from graphrec.answers.from_tables import whys_from_tables as whys_from_tables
from graphrec.answers.whatif import WhatIf as WhatIf
from graphrec.answers.why import Why as Why
from graphrec.answers.why_list import WhyList as WhyList
