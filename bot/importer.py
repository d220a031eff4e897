"""Turns the protocols into what Rasa trains on: a domain and the rules for the interrupts."""

from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.names import ANY_CARD, ASK, INTERRUPTS, SLOT, card_action, interrupt_action
from protocols.labels import INTENTS
from protocols.library import load_library


class ProtocolImporter(TrainingDataImporter):
    """One response per card, one rule per interrupt; the way through a flow is the policy's affair."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        self._config_file = config_file

    def get_domain(self) -> Domain:
        flows = load_library().flows.values()  # an agency's own cards come later, without training
        cards = sorted({card for flow in flows for card in flow.cards})
        responses = {card_action(card): [{"custom": {"card": card}}] for card in cards}
        responses[ANY_CARD] = [{"custom": {"card": "own"}}]
        responses.update({interrupt_action(i): [{"custom": {"interrupt": i}}] for i in INTERRUPTS})
        return Domain.from_dict(
            {
                "version": "3.1",
                "intents": [{name: {"use_entities": []}} for name in (*INTENTS, ASK)],
                "entities": sorted({entity for names in INTENTS.values() for entity in names}),
                "slots": {
                    SLOT: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
                },
                "responses": responses,
                # 0: an interview has one session however long a break lasts.
                "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
            }
        )

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        rules = [
            {"rule": name, "steps": [{"intent": name}, {"action": interrupt_action(name)}]}
            for name in INTERRUPTS
        ]
        reader = YAMLStoryReader()
        return StoryGraph(reader.read_from_parsed_yaml({"version": "3.1", "rules": rules}))

    def get_config(self) -> dict[str, Any]:
        return rasa.shared.utils.io.read_model_configuration(self._config_file) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return TrainingData()
