using Grpc.Core;

namespace Strata.Ranking.Queries;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "Featurizer did not say what a query means: {Status}")]
    public static partial void NotDescribed(this ILogger logger, StatusCode status);
}
