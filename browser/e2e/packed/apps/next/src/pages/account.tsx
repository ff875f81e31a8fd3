export default function Account({ user }: { user: string }) {
  return <h1>Account of {user}</h1>;
}

/** Next sends this page with `Cache-Control: private, no-cache, no-store`. */
export async function getServerSideProps() {
  return { props: { user: 'Ann' } };
}
