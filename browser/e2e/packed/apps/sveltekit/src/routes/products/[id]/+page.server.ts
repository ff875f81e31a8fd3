import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params, setHeaders }) => {
  setHeaders({ 'cache-control': 'public, s-maxage=60' });
  return { id: params.id };
};
