namespace Strata.Cli.Export;

/// <summary>A cell of the matrix users × layers.</summary>
/// <param name="User">The user, by the name that the store has: a pseudonym where those are in use.</param>
/// <param name="LayerId">The layer.</param>
/// <param name="LongInterest">Share of the user's weight at the long horizon (30 d), 0 to 1.</param>
/// <param name="ShortInterest">At the short horizon (1 h).</param>
/// <param name="Probability">Probability of recommending from the layer; over the user's layers they sum to 1.</param>
internal readonly record struct MatrixRow(string User, uint LayerId, float LongInterest, float ShortInterest, float Probability);

/// <summary>Writes the matrix row by row.</summary>
internal interface IMatrixWriter : IAsyncDisposable
{
    /// <summary>Writes rows; the file is whole when the writer is disposed of.</summary>
    ValueTask WriteAsync(IReadOnlyList<MatrixRow> rows, CancellationToken cancellationToken);
}

/// <summary>In which format.</summary>
internal enum MatrixFormat
{
    Parquet,
    Csv,
}
