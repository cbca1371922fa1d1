using Strata.Contracts.Common.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>What is known of the subject of an event.</summary>
/// <param name="Terms">Terms of the item or the query.</param>
/// <param name="Vector">Its own vector; of a query less the mean of plain queries.</param>
/// <param name="Point">Where its interest point lies: the item's vector, or the mean of the items that answer the query.</param>
/// <param name="Encoder">Name of the encoder in whose space that is; empty when unknown.</param>
/// <param name="AnsweredBy">The item that answers the query best; null: none, or it is no query.</param>
internal readonly record struct Subject(
    IReadOnlyList<TermWeight> Terms, Vector? Vector, Vector? Point, string Encoder, string? AnsweredBy = null)
{
    public static Subject Unknown { get; } = new([], null, null, "");
}
