using System.Text.Json.Serialization;

namespace Strata.Cli.Doctor.Core;

/// <summary>How bad something is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    Good,

    /// <summary>It works, and something may be lost or end when it gets worse.</summary>
    Warning,

    /// <summary>It does not work, or loses what it is given.</summary>
    Error,
}

/// <summary>Something that was looked at.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="About">What it is about: broker, topics, consumers, store, services, model, clocks, ports.</param>
/// <param name="Text">What is the case, with the values that show it.</param>
/// <param name="Remedy">What to do; empty where nothing is wrong.</param>
internal sealed record Finding(Severity Severity, string About, string Text, string Remedy)
{
    public static Finding Good(string about, string text) => new(Severity.Good, about, text, "");

    public static Finding Warning(string about, string text, string remedy) => new(Severity.Warning, about, text, remedy);

    public static Finding Error(string about, string text, string remedy) => new(Severity.Error, about, text, remedy);
}
