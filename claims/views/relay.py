"""The door of the mail server: a mail handed in as it came (RFC 5322), to be posted into the case it answers."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from claims import services
from claims.formats.inbound_mail import SIZE_MAX
from claims.reasons import words
from claims.tasks import relay


@csrf_exempt
@require_POST
def take_mail(request: HttpRequest) -> JsonResponse:
    """This will take one mail; 422 where its sender is to be told why it was not posted, 200 where nothing is to say.

    For who shows the relay's secret; for everybody else there is no such door.
    """
    rules = relay()
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (rules.domain and rules.secret and constant_time_compare(shown, rules.secret)):
        raise Http404
    taken = services.take_mail(raw=request.read(SIZE_MAX + 1), relay=rules, now=timezone.now())
    said = {"case": taken.case, "code": taken.code, "text": words(taken.code) if taken.code else ""}
    return JsonResponse(said, status=422 if taken.tells else 200)
