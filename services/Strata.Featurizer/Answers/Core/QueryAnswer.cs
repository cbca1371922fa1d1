using Strata.Contracts.Common.V1;

namespace Strata.Featurizer.Answers.Core;

/// <summary>What a query is taken as.</summary>
/// <param name="Point">The mean of the items that answer it: a unit vector in the encoder's space, as an item's.</param>
/// <param name="ItemId">The item that answers it best.</param>
internal sealed record QueryAnswer(Vector Point, string ItemId);
