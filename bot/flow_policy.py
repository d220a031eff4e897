"""The policy that walks a protocol. Rasa reads the annotations below, so they must be real types."""

from typing import Any

from rasa.core.constants import POLICY_PRIORITY
from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot import memory
from bot.libraries import library
from bot.names import ANY_CARD, INTERRUPTS, SLOT, card_action

OVER_RULES = 100


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class FlowPolicy(Policy):
    """Says which card comes next, and why: the guidance goes into the event log with the prediction.

    Nothing is learned, so training stores nothing and every prediction can be repeated from the labels.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A rank below RulePolicy's, so that an interrupt wins over the card in turn."""
        return {POLICY_PRIORITY: 3}

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Keep nothing: the flows are data that the walker reads as they are."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Walk on by the labels of the latest message, once; after the card has been shown, listen."""
        message = tracker.latest_message
        request = message.parse_data.get("request") if message else None
        if not request or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return self._prediction(confidence_scores_for(ACTION_LISTEN_NAME, 1.0, domain))
        flows = library(request["edition"]).flows
        kept = memory.walk(flows, tracker.get_slot(SLOT), request)
        guidance = kept["guidance"]
        action = card_action(guidance["cards"][0]["id"])
        if action not in domain.action_names_or_texts:
            action = ANY_CARD
        return PolicyPrediction(
            confidence_scores_for(action, 1.0, domain),
            self.__class__.__name__,
            self._priority(message.intent.get("name"), guidance["interrupt"]),
            events=[SlotSet(SLOT, kept)],
            action_metadata={"explain": guidance["explain"], "cards": guidance["cards"]},
        )

    def _priority(self, intent: str | None, interrupt: str | None) -> int:
        """Give way to the rule of an interrupt unless the flow has refused it (a stop outlasts a break)."""
        refused = intent in INTERRUPTS and intent != interrupt
        return self.priority + OVER_RULES if refused else self.priority
