# The public names, each from the module that defines it; see `prefetchrouter/__init__.pyi`.

from .answer import Answer as Answer
from .answer import Lifetime as Lifetime
from .answer import Verdict as Verdict
from .case_table import cases as cases
from .coverage import Coverage as Coverage
from .request_methods import delete as delete
from .request_methods import get as get
from .request_methods import head as head
from .request_methods import options as options
from .request_methods import patch as patch
from .request_methods import post as post
from .request_methods import put as put
from .request_methods import request as request
from .tester import RuleTester as RuleTester
