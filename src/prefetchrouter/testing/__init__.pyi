# The public names, each from the module that defines it; see `prefetchrouter/__init__.pyi`.

from .answer import Answer as Answer
from .answer import Lifetime as Lifetime
from .answer import Verdict as Verdict
from .asking import delete as delete
from .asking import get as get
from .asking import head as head
from .asking import options as options
from .asking import patch as patch
from .asking import post as post
from .asking import put as put
from .asking import request as request
from .case_table import cases as cases
from .coverage import Coverage as Coverage
from .tester import RuleTester as RuleTester
