import { optional } from '../optional.ts';

const NAMES: Record<string, string> = {
  'location.country': 'country',
  'location.city': 'city',
  'location.continent': 'continent',
  'location.postal_code': 'postalCode',
  'location.region_code': 'regionCode',
  'location.latitude': 'latitude',
  'location.longitude': 'longitude',
  'location.metro_code': 'metroCode',
  'location.dma_code': 'metroCode',
  'location.asn': 'asn',
  'request.pop_code': 'colo',
};

optional.cloudflareFacts = (cf) =>
  Object.fromEntries(
    Object.entries(NAMES)
      .filter(([, name]) => cf[name] !== undefined)
      .map(([fact, name]) => [fact, String(cf[name])]),
  );
