"""The words and the style of the page of a way back (French: auditors of the report read it)."""

from warehouse import words

KINDS = {
    "growth": "Évolution",
    "observation": "Observation (le chiffre tel que compris)",
    "extraction": "Extraction (les caractères sur la page)",
    "snapshot": "Échange archivé",
    "service": "Service",
    "qualification": "Impact national",
    "criterion": "Critère",
    "evidence": "Élément de preuve",
    "incident": "Incident",
    "portfolio_count": "Décompte du portefeuille",
    "plf_indicator": "Indicateur budgétaire",
    "phase": "Phase",
    "event": "Événement",
    "incubator": "Incubateur",
    "claim": "Affirmation d'un rapport imprimé",
    "report": "Rapport imprimé",
    "reconciliation": "Rapprochement",
    "refusal": "Évolution refusée",
}
"""A step, by its kind."""

FACTS = {
    "id": "Identifiant",
    "advice": "Que faire",
    "against": "Comparé à",
    "archive": "Octets de l'archive",
    "as_of": "Vaut depuis le",
    "base_reading": "Relevé de départ",
    "bytes": "Taille du corps (octets)",
    "checks_passed": "Contrôles passés cette nuit-là",
    "cohort": "Promotion",
    "comment": "Commentaire",
    "comparison": "Comparaison",
    "computed": "Calculé",
    "content_type": "Type de contenu",
    "counted_again": "Recompté maintenant",
    "designated": "Désigné officiellement",
    "disagreement": "Désaccord",
    "doubt": "Doute",
    "edition": "Édition",
    "end": "Fin (caractère)",
    "end_reading": "Relevé d'arrivée",
    "fetched_at": "Date et heure de l'échange",
    "finding": "Constat",
    "first_night": "Première nuit",
    "held_back": "Retenu par un contrôle",
    "high": "Borne haute",
    "kind": "Sorte",
    "known_at": "Su le",
    "label": "Nom du chiffre",
    "last_night": "Dernière nuit",
    "locator": "Emplacement",
    "locator_kind": "Sorte d'emplacement",
    "low": "Borne basse",
    "match": "Rattachement au service",
    "mend": "Réparation proposée (message technique)",
    "metric": "Ce qui est compté",
    "nature": "Nature",
    "night": "Nuit",
    "notation": "Écriture des nombres",
    "note": "Note",
    "page_url": "Adresse de la page",
    "period": "Période",
    "period_end": "Décrit jusqu'au",
    "period_start": "Décrit depuis le",
    "period_text": "Date imprimée",
    "place": "Endroit",
    "qualifier": "Précision annoncée",
    "reader": "Lecteur et version",
    "reason": "Motif",
    "refused_by": "Règle qui refuse",
    "ref": "Référence",
    "rule": "Règle d'affichage",
    "rule_set": "Jeu de règles",
    "sentence": "Message technique",
    "service_id": "Service",
    "sha256": "Empreinte SHA-256 du corps",
    "source": "Source",
    "spec_version": "Version du fichier de service",
    "start": "Début (caractère)",
    "status": "Statut HTTP",
    "supported_services": "Services accompagnés",
    "target": "Cible",
    "trouble": "Difficulté",
    "unit": "Unité",
    "url": "Adresse",
    "value": "Valeur",
    "warc": "Fichier WARC et position",
    "withdrawn": "N'est plus dit",
}
"""A fact, by its name; a name that is not here is shown as it is."""

INDICATORS = {
    "investigated": "problèmes investigués",
    "launched": "produits lancés",
    "launched_dinum": "produits lancés par la DINUM",
    "stopped": "produits abandonnés",
    "impact_national_new": "produits devenus à impact national",
    "fast": "produits accompagnés par le FAST",
}
"""An indicator of the budget documents."""

VALUES = (
    words.RULES
    | words.GROWTHS
    | words.NATURES
    | words.QUALIFIERS
    | words.COMPARISONS
    | words.FINDINGS
    | {
        "same bytes": "les mêmes octets, relus et hachés maintenant",
        "same number": "le même nombre",
        "no reading": "aucun relevé",
        "french": "à la française",
        "dot": "avec un point décimal",
        "json": "un nombre JSON",
        "certain": "certain",
        "likely": "probable, à confirmer",
        "decided": "décidé par une personne",
        "none": "aucun",
        "figure": "un chiffre",
        "phase": "une phase du portefeuille",
        "field": "un champ du portefeuille",
        "collection": "nos visites de la page",
        "rule": "le jeu de règles",
    }
)
"""What a fact says, where it is a word of ours."""

FOUND = {
    "same": "Caractères retrouvés tels quels.",
    "escaped": "Caractères retrouvés, écrits ici avec des échappements.",
    "attribute": "Caractères retrouvés dans un attribut de l'élément.",
    "others": "Attention : d'autres caractères se trouvent à cette place.",
    "unreadable": "Attention : le corps archivé ne peut plus être lu.",
}
"""What became of a figure in the archived text."""

BY_HAND = (
    "warcio est un outil libre (pip install warcio). La première commande montre les en-têtes de l'échange, "
    "la seconde donne l'empreinte du corps décodé. Un enregistrement « revisit » n'a pas de corps : ses "
    "champs WARC-Refers-To nomment celui qui l'a. Les secrets des adresses (jetons, clés) sont remplacés par "
    "le début de leur empreinte, ceux des en-têtes par un mot ; les corps sont gardés octet pour octet."
)

STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #161616; background: #fff; max-width: 56rem;
  margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
section { border-top: 1px solid #767676; padding: 1rem 0; }
.asked { font-size: 1.25rem; }
mark { background: #ffe552; color: #161616; padding: 0 .15em; font-weight: 700; outline: 1px solid #716043; }
.good { color: #18753c; } .broken { color: #ce0500; font-weight: 700; }
.restated { border-left: 4px solid #b34000; padding-left: .75rem; }
figure { margin: .75rem 0; } figcaption { font-size: .9rem; }
pre, code { font-family: ui-monospace, monospace; font-size: .85rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
pre { background: #f6f6f6; border: 1px solid #ddd; padding: .75rem; }
dl { display: grid; grid-template-columns: minmax(10rem, 16rem) 1fr; gap: .15rem 1rem; font-size: .9rem; }
dt { color: #3a3a3a; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid #767676; padding: .35rem; text-align: left; vertical-align: top; }
a { color: #000091; }
@media print { body { max-width: none; padding: 0; }
  section { break-inside: avoid; } mark { print-color-adjust: exact; } }
"""
"""The page's own style; the policy admits this one by its hash, and no other."""
