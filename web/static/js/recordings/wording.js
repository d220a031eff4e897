// How a recorded file stands, as a sentence and as what can be done about it.

const minutes = (ms) => Math.floor(ms / 60_000);
const megabytes = (bytes) => Math.ceil(bytes / 1_000_000);

/** The state in words, with what a person should know. */
export function sentence(upload, t) {
  const problem = upload.problem ? ` ${t(`problem_${upload.problem}`)}` : "";
  return state(upload, t) + problem;
}

function state(upload, t) {
  const done = minutes(upload.read_ms);
  switch (upload.state) {
    case "receiving": {
      const [sent, all] = [upload.next * upload.part_bytes, upload.size].map((bytes) =>
        t("size", { n: megabytes(bytes) }),
      );
      return t("state_receiving", { done: sent, all });
    }
    case "reading":
      if (!upload.read_ms) return t("state_checking");
      if (upload.total_ms === null) return t("state_reading_unknown", { done });
      return t("state_reading", { done, all: Math.ceil(upload.total_ms / 60_000) });
    case "cancelled":
      if (!upload.again) return upload.read_ms ? t("state_removed", { done }) : t("state_cancelled");
      return upload.read_ms ? t("state_stopped", { done }) : t("state_held");
    case "failed":
      return upload.read_ms ? t("state_failed_later", { done }) : t("state_failed");
    default:
      return t(`state_${upload.state}`, { done });
  }
}

/** Between 0 and 1; null where nothing is under way or nobody knows how far it is. */
export function share(upload) {
  if (upload.state === "receiving") return upload.next / upload.of;
  if (upload.state === "reading" && upload.total_ms) return Math.min(1, upload.read_ms / upload.total_ms);
  return null;
}

/** What can be done: send (the rest), again, cancel, stop, give (the file back), remove. */
export function doable(upload) {
  if (upload.state === "receiving") return ["send", "cancel"];
  if (upload.state === "waiting") return ["cancel"];
  if (upload.state === "reading") return ["stop"];
  if (!upload.kept) return [];
  return upload.again ? ["again", "give", "remove"] : ["give"];
}

export const moving = (upload) => ["receiving", "waiting", "reading"].includes(upload.state);
