import type { GetServerSideProps, InferGetServerSidePropsType } from 'next';

export default function Product(props: InferGetServerSidePropsType<typeof getServerSideProps>) {
  return (
    <>
      <h1>
        Product {props.id}, {props.locale}, data of {props.build}
      </h1>
      <p>code of {process.env.BUILD}</p>
    </>
  );
}

export const getServerSideProps = (async ({ params, locale = '', res }) => {
  res.setHeader('Cache-Control', 'public, s-maxage=60');
  return { props: { id: String(params?.id), locale, build: process.env.BUILD ?? '' } };
}) satisfies GetServerSideProps;
