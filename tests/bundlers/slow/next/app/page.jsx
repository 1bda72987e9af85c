import { allowed } from "../allowed.js";

export const dynamic = "force-dynamic";

export default function Page() {
  return <p>server component: {String(allowed())}</p>;
}
