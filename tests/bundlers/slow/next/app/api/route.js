import { allowed } from "../../allowed.js";

export const dynamic = "force-dynamic";

export function GET() {
  return Response.json(allowed());
}
