using System.Text.RegularExpressions;

namespace Strata.ServiceDefaults.Settings.Core;

/// <summary>Takes out of settings what nobody may read who may read settings.</summary>
internal static partial class SecretText
{
    private const string Hidden = "***";

    /// <summary>The value of a setting, without its secrets.</summary>
    public static string Of(string key, string? value)
        => string.IsNullOrEmpty(value) ? ""
            : SecretNames().IsMatch(key[(key.LastIndexOf(':') + 1)..]) ? Hidden
            : SecretParts().Replace(value, $"$1{Hidden}");

    [GeneratedRegex(@"password|secret|apikey|\.pem$|jaas|token$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretNames();

    /// <summary>As connection strings have them.</summary>
    [GeneratedRegex(@"(password=|secret=)[^,;]*", RegexOptions.IgnoreCase)]
    private static partial Regex SecretParts();
}
