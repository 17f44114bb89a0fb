from graphrec.explaining.evidence import Evidence as Evidence, Slots as Slots, history_evidence as history_evidence
from graphrec.explaining.explainable import PREFERRED as PREFERRED
from graphrec.models.cke.model import CKE as CKE
from graphrec.models.cml.model import CML as CML
from graphrec.models.config import GradientConfig as GradientConfig, ModelConfig as ModelConfig
from graphrec.models.ease import EASE as EASE
from graphrec.models.fm.model import FM as FM
from graphrec.models.kgcn.model import KGCN as KGCN
from graphrec.models.model import Model as Model
from graphrec.models.neighbours.item_item import ItemItem as ItemItem
from graphrec.models.neighbours.user_user import UserUser as UserUser
from graphrec.models.nmf import NMF as NMF
from graphrec.models.ocular.model import OCuLaR as OCuLaR
from graphrec.models.pair_products import pair_products as pair_products, sums_over_taken as sums_over_taken
from graphrec.models.popularity import Popularity as Popularity
from graphrec.models.recommender import Recommender as Recommender
from graphrec.models.reconet.model import RecoNet as RecoNet
from graphrec.models.resolved.model import Resolved as Resolved
from graphrec.models.ripplenet.model import RippleNet as RippleNet
from graphrec.models.splitter.model import Splitter as Splitter
from graphrec.models.vgae.model import VGAE as VGAE
