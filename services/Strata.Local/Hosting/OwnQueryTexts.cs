using Strata.Contracts.State.V1;
using Strata.Featurizer.Queries;
using Strata.Ranking.Queries;

namespace Strata.Local.Hosting;

/// <summary>Featurizer is in the same process: nobody need be called.</summary>
internal sealed class OwnQueryTexts(QueryDescriber queries) : IQueryTexts
{
    public async ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken)
        => await queries.DescribeAsync(query, cancellationToken);
}
