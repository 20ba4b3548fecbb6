/** How the numbers are made, light or dark as the reader's system is. */

import { followTheme } from "./theme.js";

followTheme();
