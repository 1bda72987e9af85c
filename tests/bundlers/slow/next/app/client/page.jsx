"use client";

import { useEffect } from "react";

import { allowed } from "../../allowed.js";

export default function Page() {
  useEffect(() => {
    fetch("/report", { method: "POST", body: JSON.stringify(allowed()) });
  }, []);
  return <p>client component: {String(allowed())}</p>;
}
