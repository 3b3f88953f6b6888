const mailOf = (given: string) => `${given}@alderfinch.example`;
export const [ana, ben, chloe, dmitri, eva] = ['ana', 'ben', 'chloe', 'dmitri', 'eva'].map(mailOf) as [
  string,
  string,
  string,
  string,
  string,
];
