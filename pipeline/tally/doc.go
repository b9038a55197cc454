// Package tally counts incidents: how many are alleged, with how many victims, and what the machine and people made of them,
// without counting one of them twice. It reads verdicts and decisions and makes neither.
//
// What counts as what:
//
//   - An incident is a group of records that people joined (package duplicates); most groups have one record. Pairs that are
//     proposed and of which nobody has spoken stay two, and the count is given beside it as if all of them were one.
//   - One record stands for a group: the one that people hold best, then the one that the machine holds best, then the first
//     by id. A group counts where and when that record claims, with that record's status and decisions: an account that put
//     the incident elsewhere may be refuted, and the incident not.
//   - Victims of a group are as few as any of its records alleges at the least, and as many as any alleges at the most: no
//     account is taken for the better one, and none is added to another. Their party is the one that the records name; when
//     they name different ones, it is disputed.
//   - An incident belongs to the month, and to the period, in which the middle of the claimed window lies, so that it is in
//     exactly one of them. A window of more than 31 days belongs to no month.
//   - The machine's status and people's decisions are counted in columns of their own. Verified by people includes approved.
//   - Operations were underway when the verdict says that ground changed hands near the claimed place around that time;
//     whether this was looked at and not shown, or could not be looked at, are two more answers.
package tally
