import { cookies } from 'next/headers';
export default async function Account() {
  const name = (await cookies()).get('session')?.value ?? 'nobody';
  return <h1>Account of {name}</h1>;
}
