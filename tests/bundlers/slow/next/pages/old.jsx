import { allowed } from "../allowed.js";

export const getServerSideProps = () => ({ props: { answer: String(allowed()) } });

export default function Page({ answer }) {
  return <p>page: {answer}</p>;
}
