// The page How it came over, while the worker compares: says how far it is, and is loaded anew at the end.

import { follow } from "../errands.js";

follow(document.getElementById("over-progress").dataset.url, true);
