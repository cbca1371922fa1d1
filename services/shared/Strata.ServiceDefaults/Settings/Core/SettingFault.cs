namespace Strata.ServiceDefaults.Settings.Core;

/// <summary>What is wrong with one setting.</summary>
/// <param name="Key">Its whole key, sections and all.</param>
/// <param name="Text">The key, the value, and what would be right.</param>
/// <param name="Default">For a value that is none: what stands there by default, as text; else null.</param>
internal sealed record SettingFault(string Key, string Text, string? Default = null);
