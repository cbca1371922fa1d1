namespace Strata.Featurizer.Answers.Core;

/// <summary>Where an encoder puts what it is given, whatever it says: means of unit vectors of plain texts.</summary>
/// <param name="Queries">Mean of queries, one float a dimension.</param>
/// <param name="Items">Mean of texts that can be found, one float a dimension.</param>
internal sealed record PlainMeans(float[] Queries, float[] Items);
