from graphrec import explainers as explainers
from graphrec import models as models
from graphrec.answers import WhatIf as WhatIf
from graphrec.answers import Why as Why
from graphrec.answers import WhyList as WhyList
from graphrec.api.loading import load as load
from graphrec.api.predictor import Predictor as Predictor
from graphrec.api.recommendations import Recommendations as Recommendations
from graphrec.api.recommendations import explain as explain
from graphrec.api.recommendations import recommend as recommend
from graphrec.api.similar_items import similar_items as similar_items
from graphrec.api.splitting import split as split
from graphrec.api.whatif import whatif as whatif
from graphrec.api.why import why as why
from graphrec.audits import audit as audit
from graphrec.dataset.dataset import Dataset as Dataset
from graphrec.dataset.filtering import filter_dataset as filter_dataset
from graphrec.dataset.splitting import Split as Split
from graphrec.errors import GraphrecError as GraphrecError
from graphrec.evaluation import evaluate as evaluate
from graphrec.evaluation.evaluation import Evaluation as Evaluation
from graphrec.models.saving import load_model as load_model
from graphrec.models.saving import save_model as save_model
from graphrec.store.opening import open_store as open_store
from graphrec.store.store import Store as Store
from graphrec.verification import verify as verify

__version__: str
