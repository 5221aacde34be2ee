"""Transfer projects as the demonstration's participants hand them in."""

from __future__ import annotations

PROJECTS = (
    """Bedarf: In {place} melden Bürgerinnen und Bürger Schäden an Wegen und Laternen per Telefon, Zettel oder gar nicht. Der \
Bauhof führt zwei Listen, die selten übereinstimmen.

Maßnahme: Ein einfacher Mängelmelder im Netz und am Telefon, der in eine gemeinsame Liste des Bauhofs läuft. Wer meldet, \
bekommt eine Nachricht, wenn der Schaden behoben ist.

Beteiligte: Bauhof, Ordnungsamt, die Ortsvorsteherinnen und Ortsvorsteher, der Seniorenbeirat für den Test am Telefon.

Kosten und Zeit: vorhandene offene Software, Betrieb gemeinsam mit der Nachbargemeinde, vier Monate bis zum Start, zwei \
Stunden Betreuung in der Woche.

Wirkung: Anteil der Meldungen mit Rückmeldung innerhalb von zehn Arbeitstagen; gezählt wird ab dem ersten Tag.""",
    """Bedarf: Das Dorfgemeinschaftshaus in {place} wird auf Zuruf vergeben. Belegungen überschneiden sich, Heizung und Licht \
laufen auch in leeren Wochen.

Maßnahme: Ein öffentlicher Belegungskalender mit Anfrageformular, dazu zwei Sensoren für Temperatur und Anwesenheit, die \
die Heizzeiten an den Kalender koppeln.

Beteiligte: Vereine, Hausmeister, Kämmerei, Datenschutzbeauftragte (die Sensoren erfassen keine Personen).

Kosten und Zeit: rund ein halbes Jahr mit einer Erprobung in der Heizperiode; Sensoren über das Funknetz des Kreises.

Wirkung: Belegte Tage im Monat und Verbrauch je Heizgradtag, verglichen mit dem Vorjahr.""",
    """Bedarf: Zum Arzt und zum Einkauf kommt man aus den Ortsteilen von {place} ohne Auto kaum. Der Bürgerbus fährt, aber \
niemand weiß verlässlich, wann.

Maßnahme: Fahrtwünsche telefonisch und im Netz annehmen, die Fahrten am Vorabend planen und in den Auskunftssystemen zeigen.

Beteiligte: Bürgerbusverein, Landkreis als Aufgabenträger, Arztpraxen, Ortsbeiräte.

Kosten und Zeit: Beginn mit einer Linie für drei Monate; Schulung der Ehrenamtlichen an zwei Nachmittagen.

Wirkung: Mitfahrten je Woche und Zahl der Wünsche, die nicht erfüllt werden konnten.""",
)
