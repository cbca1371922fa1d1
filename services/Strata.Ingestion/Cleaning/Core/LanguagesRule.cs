using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>Which language a search is in, and whether it is taken. Pure.</summary>
internal static class LanguagesRule
{
    private const string Field = "event.language";

    /// <summary>True when a search got its language here, or its tag another form.</summary>
    /// <param name="clean">The event, changed in place.</param>
    /// <param name="options">Which languages are taken.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static bool Apply(UserEvent clean, LanguagesOptions options, Violations violations)
    {
        var sent = clean.Language;
        violations.Require(
            sent.Length == 0 || clean.Kind == EventKind.Search, Field, "must be empty but for SEARCH: it is the language of the query");
        clean.Language = violations.LanguageTag(Field, sent);
        if (options.Enabled && clean.Kind == EventKind.Search && sent.Length == 0)
        {
            clean.Language = TextLanguage.Of(clean.Query);
        }

        var primary = clean.Language.Split('-')[0];
        violations.Require(
            primary is "" or TextLanguage.Unknown
                || options.Accepted.Count == 0
                || options.Accepted.Contains(primary, StringComparer.OrdinalIgnoreCase),
            Field,
            $"is '{clean.Language}', and searches in {string.Join(", ", options.Accepted)} are taken: name the language if it is another");
        return clean.Language != sent;
    }
}
