namespace Strata.Local.Hosting;

/// <summary>Settings are wrong, and nothing was started.</summary>
/// <param name="faults">Each with its section and value.</param>
public sealed class BadSettingsException(IReadOnlyList<string> faults)
    : Exception($"These settings are wrong:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}");
