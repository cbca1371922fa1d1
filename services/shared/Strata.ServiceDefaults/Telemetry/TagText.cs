using System.Collections.Concurrent;
using System.Text.Json;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>Values of labels in the one form that they have: lower case, words by underscores.</summary>
public static class TagText
{
    /// <summary>The name of an enumeration's value, such as "new_schema".</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
        => Texts<T>.All.GetOrAdd(value, one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()));

    private static class Texts<T>
        where T : struct, Enum
    {
        public static readonly ConcurrentDictionary<T, string> All = new();
    }
}
