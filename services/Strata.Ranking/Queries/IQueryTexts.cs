using Strata.Contracts.State.V1;

namespace Strata.Ranking.Queries;

/// <summary>Who knows what a typed query means: its vector and terms come from where the items' do.</summary>
public interface IQueryTexts
{
    /// <summary>The query as a profile would hold it, without a time; null when nobody says it in time.</summary>
    ValueTask<ProfileQuery?> DescribeAsync(string query, CancellationToken cancellationToken);
}
