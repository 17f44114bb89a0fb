from graphrec.explainers.counterfactual import Counterfactual as Counterfactual
from graphrec.explainers.lime import Lime as Lime
from graphrec.explainers.popularity import Popularity as Popularity
from graphrec.explainers.random_order import RandomOrder as RandomOrder
from graphrec.explainers.removal import Removal as Removal
from graphrec.explainers.sep.explainer import Sep as Sep
from graphrec.explainers.shapley import Shapley as Shapley
from graphrec.explaining.explainer import Explainer as Explainer, ExplainerConfig as ExplainerConfig
from graphrec.explaining.model_explainer import ModelExplainer as ModelExplainer
