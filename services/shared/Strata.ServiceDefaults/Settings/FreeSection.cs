namespace Strata.ServiceDefaults.Settings;

/// <summary>A section whose keys are names that an operator gives: whoever reads it says itself what is wrong there.</summary>
/// <param name="Path">The section.</param>
public sealed record FreeSection(string Path);
