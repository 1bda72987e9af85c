import { Bailiwick } from "bailiwick";

import directory from "./directory.json";

export const allowed = () => Bailiwick.fromDirectory(directory).isAllowed("user:usr_ada", "file.read", "project:prj_a");
