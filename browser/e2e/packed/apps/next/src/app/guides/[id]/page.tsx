import Link from 'next/link';

export const revalidate = 60;
export const generateStaticParams = () => [{ id: '1' }, { id: '2' }];

export default async function Guide({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <>
      <h1>Guide {id}</h1>
      <Link href="/guides">All guides</Link>
    </>
  );
}
