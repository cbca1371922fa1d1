namespace Strata.ServiceDefaults.Settings;

/// <summary>A setting as a running process has it.</summary>
/// <param name="Key">Its whole key.</param>
/// <param name="Value">Its value, secrets masked.</param>
/// <param name="From">Where it comes from: a file, the environment, the command line, the code, or "default".</param>
public sealed record SettingInForce(string Key, string Value, string From);
