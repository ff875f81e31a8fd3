export default function Legacy({ id }) {
  return <h1>Old tea {id}</h1>;
}
export const getStaticPaths = () => ({ paths: [{ params: { id: '2' } }], fallback: 'blocking' });
export const getStaticProps = ({ params }) => ({ props: { id: params.id }, revalidate: 60 });
